"""Work outlives its connection here: many lines become files, and a book becomes one; a run that was stopped goes on.

Modules, in import order: `output_files`, `file_names`, `lines`, `results`, `spoken_line`, `rate`, `batch`, `joining`,
`estimate`, `with_ray`, `books`, `queue`.
"""
