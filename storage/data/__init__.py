"""Data files: measuring CSV, Parquet and JSON lines with duckdb. May use disk and the model."""
