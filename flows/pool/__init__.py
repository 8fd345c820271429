"""Worker processes that can be killed: batches in, rows out, and a page that ends its worker ends nothing else."""
