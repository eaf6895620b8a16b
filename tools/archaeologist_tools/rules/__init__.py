"""The rules, one file each, which register themselves; `archaeologist_tools.engine` finds and runs them."""
