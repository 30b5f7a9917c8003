"""What departments drop their files into."""
