-- One batch into one table: rows that differ are rewritten, rows that do not are left alone, so that loading a batch
-- twice writes nothing the second time. Names in braces are filled in from the batch's Arrow schema, see load.py.
MERGE INTO {table} AS stored
USING incoming_{table} AS incoming
ON {same_key}
WHEN MATCHED AND ({differs}) THEN UPDATE SET {assignments}
WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({values})
