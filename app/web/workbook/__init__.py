"""Workbooks (Excel/WPS 表格): templates, imports that write all or nothing, and exports."""
