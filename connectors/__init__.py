"""How the hub reaches a department's files, and how it reads them; nothing of what they mean."""
