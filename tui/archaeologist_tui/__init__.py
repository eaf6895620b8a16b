"""Reserved for the full-screen view of runs; empty until it is built. Follow runs with `archaeologist watch`."""
