"""What a run or a page looks like to a person: the run report and the explain page, each one self-contained file."""
