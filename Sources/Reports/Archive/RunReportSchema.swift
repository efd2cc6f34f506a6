/// The JSON Schema of the run report, as `shopmirror report schema` prints it.
package enum RunReportSchema {
    package static let text = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "shopmirror run report, version 1",
          "type": "object",
          "required": [
            "schema",
            "run_id",
            "tool",
            "host",
            "mode",
            "status",
            "exit_code",
            "started_at",
            "finished_at",
            "duration_seconds",
            "config",
            "totals",
            "connections",
            "warnings",
            "error"
          ],
          "properties": {
            "schema": {"const": "shopmirror.run-report/1"},
            "run_id": {"type": "string", "pattern": "^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}$"},
            "tool": {
              "type": "object",
              "required": ["name", "version"],
              "properties": {"name": {"const": "shopmirror"}, "version": {"type": "string"}}
            },
            "host": {"type": "string"},
            "mode": {
              "enum": ["incremental", "full", "backfill"],
              "description": "what was asked for on the command line"
            },
            "dry_run": {"type": "boolean"},
            "window": {
              "type": ["object", "null"],
              "properties": {
                "since": {"$ref": "#/$defs/time_or_null"},
                "until": {"$ref": "#/$defs/time_or_null"}
              }
            },
            "shard": {"type": ["string", "null"], "pattern": "^[0-9]+/[0-9]+$"},
            "status": {
              "enum": ["succeeded", "partial", "failed", "interrupted", "skipped"],
              "description": "partial: at least one resource succeeded and at least one did not; skipped: the lock was held"
            },
            "exit_code": {"type": "integer", "minimum": 0, "maximum": 255},
            "started_at": {"$ref": "#/$defs/time"},
            "finished_at": {"$ref": "#/$defs/time"},
            "duration_seconds": {"type": "number", "minimum": 0},
            "config": {
              "type": "object",
              "required": ["path", "sha256"],
              "properties": {
                "path": {"type": ["string", "null"]},
                "sha256": {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}
              }
            },
            "totals": {
              "type": "object",
              "required": [
                "connections",
                "connections_succeeded",
                "connections_failed",
                "needs_authorization",
                "resources",
                "resources_failed",
                "http",
                "records"
              ],
              "properties": {
                "connections": {"$ref": "#/$defs/count"},
                "connections_succeeded": {"$ref": "#/$defs/count"},
                "connections_failed": {"$ref": "#/$defs/count"},
                "needs_authorization": {"$ref": "#/$defs/count"},
                "resources": {"$ref": "#/$defs/count"},
                "resources_failed": {"$ref": "#/$defs/count"},
                "http": {"$ref": "#/$defs/http"},
                "records": {"$ref": "#/$defs/records"}
              }
            },
            "connections": {"type": "array", "items": {"$ref": "#/$defs/connection"}},
            "warnings": {"type": "array", "items": {"$ref": "#/$defs/issue"}},
            "error": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/issue"}]}
          },
          "$defs": {
            "time": {
              "type": "string",
              "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3})?Z$"
            },
            "time_or_null": {"anyOf": [{"$ref": "#/$defs/time"}, {"type": "null"}]},
            "count": {"type": "integer", "minimum": 0},
            "http": {
              "type": "object",
              "required": ["requests", "retries", "throttled", "errors", "bytes_received", "latency_ms"],
              "properties": {
                "requests": {
                  "$ref": "#/$defs/count",
                  "description": "attempts sent, retries and token calls included"
                },
                "retries": {"$ref": "#/$defs/count"},
                "throttled": {
                  "$ref": "#/$defs/count",
                  "description": "answers that said slow down: 429 and the platforms' busy codes"
                },
                "errors": {
                  "$ref": "#/$defs/count",
                  "description": "attempts that ended in a transport fault or a non-success answer"
                },
                "bytes_received": {
                  "$ref": "#/$defs/count",
                  "description": "response bytes as they came over the wire"
                },
                "latency_ms": {
                  "anyOf": [
                    {"type": "null"},
                    {
                      "type": "object",
                      "required": ["p50", "p95", "max"],
                      "properties": {
                        "p50": {"type": "number"},
                        "p95": {"type": "number"},
                        "max": {"type": "number"}
                      }
                    }
                  ]
                }
              }
            },
            "records": {
              "type": "object",
              "required": [
                "fetched",
                "inserted",
                "updated",
                "unchanged",
                "deleted",
                "restored",
                "duplicate"
              ],
              "properties": {
                "fetched": {"$ref": "#/$defs/count"},
                "inserted": {"$ref": "#/$defs/count"},
                "updated": {"$ref": "#/$defs/count"},
                "unchanged": {"$ref": "#/$defs/count"},
                "deleted": {"$ref": "#/$defs/count"},
                "restored": {"$ref": "#/$defs/count"},
                "duplicate": {"$ref": "#/$defs/count"}
              },
              "description": "fetched = inserted + updated + unchanged + restored + duplicate"
            },
            "issue": {
              "type": "object",
              "required": [
                "code",
                "message",
                "next_step",
                "platform_code",
                "http_status",
                "retryable",
                "at"
              ],
              "properties": {
                "code": {"type": "string", "pattern": "^[a-z_]+$"},
                "message": {"type": "string", "minLength": 1},
                "next_step": {"type": ["string", "null"]},
                "platform_code": {"type": ["string", "null"]},
                "http_status": {"type": ["integer", "null"]},
                "retryable": {"type": "boolean"},
                "at": {"$ref": "#/$defs/time"},
                "connection": {"type": ["string", "null"]},
                "resource": {"type": ["string", "null"]}
              }
            },
            "connection": {
              "type": "object",
              "required": [
                "id",
                "platform",
                "status",
                "account",
                "started_at",
                "finished_at",
                "duration_seconds",
                "token",
                "http",
                "resources",
                "error"
              ],
              "properties": {
                "id": {"type": "string"},
                "platform": {"type": "string"},
                "status": {
                  "enum": [
                    "succeeded",
                    "partial",
                    "failed",
                    "needs_authorization",
                    "interrupted",
                    "skipped"
                  ]
                },
                "account": {
                  "anyOf": [
                    {"type": "null"},
                    {
                      "type": "object",
                      "required": ["id", "name"],
                      "properties": {"id": {"type": "string"}, "name": {"type": ["string", "null"]}}
                    }
                  ]
                },
                "started_at": {"$ref": "#/$defs/time_or_null"},
                "finished_at": {"$ref": "#/$defs/time_or_null"},
                "duration_seconds": {"type": "number", "minimum": 0},
                "token": {
                  "type": "object",
                  "required": ["refreshes", "expires_at", "refresh_expires_at"],
                  "properties": {
                    "refreshes": {"$ref": "#/$defs/count"},
                    "expires_at": {"$ref": "#/$defs/time_or_null"},
                    "refresh_expires_at": {"$ref": "#/$defs/time_or_null"}
                  }
                },
                "http": {"$ref": "#/$defs/http"},
                "resources": {"type": "array", "items": {"$ref": "#/$defs/resource"}},
                "error": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/issue"}]}
              }
            },
            "resource": {
              "type": "object",
              "required": [
                "name",
                "table",
                "status",
                "mode",
                "pages",
                "records",
                "cursor",
                "resumed",
                "duration_seconds",
                "error"
              ],
              "properties": {
                "name": {"type": "string"},
                "table": {"type": "string"},
                "status": {"enum": ["succeeded", "failed", "interrupted", "skipped"]},
                "mode": {"enum": ["incremental", "full", "backfill"]},
                "pages": {"$ref": "#/$defs/count"},
                "records": {"$ref": "#/$defs/records"},
                "cursor": {
                  "type": "object",
                  "required": ["from", "to"],
                  "properties": {"from": {"type": ["string", "null"]}, "to": {"type": ["string", "null"]}}
                },
                "resumed": {
                  "type": "boolean",
                  "description": "continued from a checkpoint of an earlier run"
                },
                "duration_seconds": {"type": "number", "minimum": 0},
                "error": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/issue"}]},
                "complete": {
                  "type": ["boolean", "null"],
                  "description": "a full pull proven complete (platform's count or end mark); null for other pulls"
                },
                "listed": {
                  "type": ["integer", "null"],
                  "description": "the platform's own count, where it has one"
                }
              }
            }
          }
        }

        """#
}
