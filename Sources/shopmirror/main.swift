print("shopmirror")
