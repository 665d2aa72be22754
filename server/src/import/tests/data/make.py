"""Makes the workbooks beside it: `pip install openpyxl==3.1.5 XlsxWriter==3.3.1 PyExcelerate==0.13.0`, then run it."""

import datetime as dt

import openpyxl
import pyexcelerate
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

TITLES = ["Factura", "Cód. cliente", "Fecha", "Referencia", "Descripción", "Cantidad", "Precio", "Importe", "Moneda"]
ROWS = [
    ["F-1", 430001, dt.date(2026, 11, 23), "A-1", 'Disco "Ñ" & <más>', 2, 10.5, 21, "EUR"],
    ["F-1", 430001, dt.date(2026, 11, 23), "A-2", "  con   blancos  ", 0.1 + 0.2, 11.770000000000001, 3.53, "EUR"],
    ["F-2", 430002, dt.datetime(1900, 2, 27, 13, 30), None, None, -1, None, -10.25, "EUR"],
    [],
    ["F-3", 430003, dt.date(1900, 3, 1), "A-3", "línea\nsegunda", 1e-4, 1234.567891, 0, "USD"],
]

# openpyxl: a hidden first sheet, texts inside the cells, one of them in two runs; an empty row with formats.
book = openpyxl.Workbook(iso_dates=False)
book.active.title = "oculta"
book.active.sheet_state = "hidden"
book.active["A1"] = "no es esta"
sheet = book.create_sheet("Ventas")
sheet.append(TITLES)
for row in ROWS:
    sheet.append(row)
for row in sheet.iter_rows(min_row=2, min_col=3, max_col=3):
    row[0].number_format = "DD/MM/YYYY"
sheet["E3"] = CellRichText("  con ", TextBlock(InlineFont(b=True), "  blancos  "))
book.active = 1
book.save("openpyxl.xlsx")

# XlsxWriter: shared texts, formulas with stored results, errors, booleans, dates from 1904.
for name, from_1904 in [("xlsxwriter.xlsx", False), ("xlsxwriter-1904.xlsx", True)]:
    rows = [row for row in ROWS if not from_1904 or not row or row[2].year > 1903]
    book = xlsxwriter.Workbook(name, {"date_1904": from_1904})
    book.set_properties({"created": dt.datetime(2026, 11, 23)})
    sheet = book.add_worksheet("Ventas")
    day = book.add_format({"num_format": 'dd" de "mmmm" de "yyyy'})
    sheet.write_row(0, 0, TITLES + ["Sí", "Fallo"])
    for index, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, (dt.date, dt.datetime)):
                sheet.write_datetime(index, column, value, day)
            elif value is not None:
                sheet.write(index, column, value)
    sheet.write_formula(1, 7, "=F2*G2", None, 21)
    sheet.write_formula(1, 8, '="E"&"UR"', None, "EUR")
    sheet.write_boolean(1, 9, True)
    sheet.write_boolean(2, 9, False)
    sheet.write_formula(1, 10, "=1/0", None, "#DIV/0!")
    book.close()

# XlsxWriter in constant memory: texts inside the cells.
book = xlsxwriter.Workbook("inline.xlsx", {"constant_memory": True})
book.set_properties({"created": dt.datetime(2026, 11, 23)})
sheet = book.add_worksheet("Ventas")
sheet.write_row(0, 0, TITLES)
for index, row in enumerate(ROWS, 1):
    for column, value in enumerate(row):
        if value is not None and not isinstance(value, (dt.date, dt.datetime)):
            sheet.write(index, column, value)
book.close()

# PyExcelerate: cells and rows with few attributes.
book = pyexcelerate.Workbook()
book.new_sheet("Ventas", data=[TITLES] + [[None if v == "" else v for v in row] for row in ROWS])
book.save("pyexcelerate.xlsx")
