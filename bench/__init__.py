"""The benchmark: real processes on sockets, and one table of figures. See docs/benchmarks.md.

house.py     PostgreSQL, sandbox, web, worker and dispatcher, each as its own process
seed.py      channels and posts, made inside the app before the clock is looked at
watching.py  processor time, memory and database connections of those processes
sink.py      a TikTok that only takes bytes, as quickly as they come
figures/     what is measured, one file for each question
"""
