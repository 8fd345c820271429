"""`make bench`: the speed on the seeds, and, with PAGES=labelled.parquet, accuracy and speed beside other tools."""

import sys

from tests.benchmarks import extraction, seeds

if __name__ == "__main__":
    if len(sys.argv) > 1:
        extraction.main()
    else:
        seeds.main()
