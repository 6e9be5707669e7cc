"""One thread for numeric libraries in the processes of the tests.

Several test processes run at a time, on data so small that threads mostly wait for each other, and spin
meanwhile: that took most of the time of many tests. Worker processes of the harness, and tests of threads,
set numbers of their own.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_name, "1")
