"""The hub: takes what departments produce, checks it, makes one record of one thing, passes it up."""
