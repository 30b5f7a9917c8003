"""Sources that are a folder on a department's SFTP server."""
