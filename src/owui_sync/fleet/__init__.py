"""Many instances from one repository: where they are listed, in which waves they are changed, and what came of it.

    fleet.yaml ──load──▶ Fleet ──select──▶ InstanceSpec ──run_instance──▶ InstanceReport ──▶ fleet report

`run_instance` is the one unit of work. The waves decide when each one starts, an executor where.
"""
