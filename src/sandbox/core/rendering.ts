import type { CurrencyAmount } from '../../weavr/core/shapes.js';
import { Rendering } from './handlers.js';

/** A table to be printed: a heading, facts under it, and a row per entry. */
export interface Print {
  title: string;
  facts: string[];
  columns: Column[];
  rows: string[][];
  footer: string;
  /** When it was made, in milliseconds. */
  at: number;
}

interface Column {
  name: string;
  /** In points; an A4 page has 515 between its margins. */
  width: number;
  align?: 'right';
}

const MARGIN = 40;
const LINE = 14;
const LAST_LINE = 770;
const WHOLE: Column[] = [{ name: '', width: 515 }];

/** Two decimals serve every currency that the sandbox has. */
export const printed = ({ currency, amount }: CurrencyAmount) => `${(amount / 100).toFixed(2)} ${currency}`;
export const printedTime = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** PDF, on as many pages as it takes. */
export async function pdf(print: Print): Promise<Rendering> {
  const { default: PdfDocument } = await import('pdfkit'); // large, and rarely wanted
  const info = { Title: print.title, CreationDate: new Date(print.at) };
  const document = new PdfDocument({ size: 'A4', margin: MARGIN, compress: false, autoFirstPage: false, info });
  let page = 1;
  let y = startPage(document, print, page);
  for (const row of print.rows) {
    if (y + LINE > LAST_LINE) y = startPage(document, print, ++page);
    y = drawLine(document, y, row, print.columns);
  }
  document.end();
  return new Rendering('application/pdf', document);
}

/** Each page has the title, the column names and the footer, the first the facts, too; answers where its rows start. */
function startPage(document: PDFKit.PDFDocument, { title, facts, columns, footer }: Print, page: number): number {
  document.addPage();
  drawLine(document, LAST_LINE, [`${footer}  Page ${page}`]);
  let y = drawLine(document, MARGIN, [title], WHOLE, 'Helvetica-Bold');
  if (page === 1) for (const fact of facts) y = drawLine(document, y, [fact]);
  const names = columns.map(({ name }) => name);
  return drawLine(document, y, names, columns, 'Helvetica-Bold');
}

function drawLine(document: PDFKit.PDFDocument, y: number, texts: string[], columns = WHOLE, font = 'Helvetica') {
  let x = MARGIN;
  document.font(font).fontSize(8);
  columns.forEach(({ width, align }, index) => {
    document.text(texts[index] ?? '', x, y, { width: width - 4, height: LINE, align, ellipsis: true });
    x += width;
  });
  return y + LINE;
}

/** CSV with a header row; a column is a path into the objects. */
export async function csv(objects: object[], columns: string[]): Promise<Rendering> {
  const { stringify } = await import('csv-stringify');
  return new Rendering('text/csv', stringify(objects, { header: true, columns }));
}
