"""`pullquote serve`: a Prefect server, its deployments, a warm worker, the watch that wakes them, and the HTTP inbox."""
