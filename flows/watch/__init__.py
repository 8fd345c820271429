"""Pages that land in a folder are dealt with seconds later: backlog (decides), folder (looks), ears (hear), loop."""
