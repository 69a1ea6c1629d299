"""What the clients share: their installs, a place to run in, a sandbox of their own, and somebody who signs in."""
