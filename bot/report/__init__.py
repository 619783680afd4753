"""After the event: what was asked and what became of it, as tables, as a page, and in figures."""

from bot.report.pack import Pack, gather, retold
from bot.report.page import body, page
from bot.report.tables import as_csv, as_jsonl

__all__ = ["FORMS", "Pack", "as_csv", "as_jsonl", "body", "gather", "page", "retold"]

FORMS = {  # name -> how it is written, its media type, the end of its file's name
    "csv": (as_csv, "text/csv; charset=utf-8", "csv"),
    "jsonl": (as_jsonl, "application/x-ndjson", "jsonl"),
    "html": (page, "text/html; charset=utf-8", "html"),
}
