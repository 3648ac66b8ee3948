"""Plain tables: CSV, TSV or Parquet in the shape of the contract, or any spreadsheet export with a column map."""
