"""The HTTP inbox: pages that are posted lie in a folder, whole, and how they fare can be asked."""
