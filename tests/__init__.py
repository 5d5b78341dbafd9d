"""The tests; nothing is imported before what stands here.

One thread of linear algebra in each test process: the processes fill the cores already, and threads that wait
for one another make small fits ten times as slow.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
