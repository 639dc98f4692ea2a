"""Reading seeds: files into what was found in them, without touching the database."""
