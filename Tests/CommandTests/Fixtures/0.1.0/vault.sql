-- Made by jobs/keep-version with shopmirror 0.1.0 against the sandbox: everything in it is invented.
PRAGMA page_size=4096;
PRAGMA journal_mode=delete;
PRAGMA application_id=1936225908;
PRAGMA user_version=1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE tokens(connection TEXT PRIMARY KEY, platform TEXT NOT NULL, access_token TEXT,
  refresh_token TEXT, uid TEXT, state TEXT, access_expires_at TEXT, refresh_expires_at TEXT,
  scope TEXT, seed_sha256 TEXT, obtained_at TEXT NOT NULL, refreshed_at TEXT, refused TEXT) WITHOUT ROWID;
INSERT INTO tokens VALUES('taipei','shopline','SL-STATIC-open001',NULL,NULL,NULL,NULL,NULL,NULL,'7c3b68e2112f326c1488487cefffe4c4fb0f523c0c8fac366aba9ac193f0ae1c','2026-11-21T11:33:47Z',NULL,NULL);
INSERT INTO tokens VALUES('tokyo','next-engine','NE-ACCESS-1','NE-REFRESH-1','U-77','S-from-a-login','2026-11-22T11:33:47Z','2026-11-24T11:33:47Z',NULL,NULL,'2026-11-21T11:33:47Z',NULL,NULL);
CREATE TABLE nonces(connection TEXT PRIMARY KEY, nonce TEXT NOT NULL,
  expires_at TEXT NOT NULL) WITHOUT ROWID;
COMMIT;
