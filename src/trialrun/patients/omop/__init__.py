"""OMOP CDM 5.3 and 5.4: tables in Parquet, CSV or a DuckDB file into people."""
