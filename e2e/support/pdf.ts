/** One page as its drawing commands say it. */
export interface PdfPage {
  /** Commands of the content stream; the fonts are `/F` (Helvetica) and `/S` (Symbol). */
  readonly draws: string;
  /** Points. */
  readonly width?: number;
  readonly height?: number;
  /** Further entries of the page's dictionary. */
  readonly more?: string;
}

export interface PdfOptions {
  /** Further entries of the catalog. */
  readonly catalog?: string;
  /** Further objects, by number from 100. */
  readonly objects?: readonly string[];
  /** Locked with a password that nobody knows. */
  readonly locked?: boolean;
}

export const text = (words: string, x = 72, y = 700, size = 24): string =>
  `BT /F ${size} Tf ${x} ${y} Td (${words.replace(/[\\()]/g, '\\$&')}) Tj ET`;

/** A filled rectangle. @param color three numbers from 0 to 1 */
export const box = (color: string, x: number, y: number, width: number, height: number): string =>
  `q ${color} rg ${x} ${y} ${width} ${height} re f Q`;

/** A PDF file, written by hand. */
export function pdf(pages: readonly PdfPage[], options: PdfOptions = {}): Buffer {
  const objects = new Map<number, string>();
  const kids = pages.map((_, index) => `${10 + 2 * index} 0 R`).join(' ');
  objects.set(1, `<< /Type /Catalog /Pages 2 0 R ${options.catalog ?? ''} >>`);
  objects.set(2, `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`);
  objects.set(3, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  objects.set(4, '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>');
  pages.forEach(({ draws, width = 595, height = 842, more = '' }, index) => {
    const at = 10 + 2 * index;
    const fonts = '/Resources << /Font << /F 3 0 R /S 4 0 R >> /XObject << /X 100 0 R >> >>';
    objects.set(
      at,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${at + 1} 0 R ${fonts} ${more} >>`,
    );
    objects.set(at + 1, `<< /Length ${Buffer.byteLength(draws)} >>\nstream\n${draws}\nendstream`);
  });
  options.objects?.forEach((object, index) => {
    objects.set(Math.max(100, 10 + 2 * pages.length) + index, object);
  });
  return write(objects, options.locked === true);
}

function write(objects: ReadonlyMap<number, string>, locked: boolean): Buffer {
  let body = '%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n';
  const size = Math.max(...objects.keys()) + 1;
  const places = Array.from({ length: size }, () => '0000000000 65535 f \n');
  for (const [number, object] of objects) {
    places[number] = `${String(Buffer.byteLength(body, 'latin1')).padStart(10, '0')} 00000 n \n`;
    body += `${number} 0 obj\n${object}\nendobj\n`;
  }
  const start = Buffer.byteLength(body, 'latin1');
  const id = `<${'5a'.repeat(16)}>`;
  const lock = `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'11'.repeat(32)}> /U <${'22'.repeat(32)}> >>`;
  body += `xref\n0 ${size}\n${places.join('')}trailer\n<< /Size ${size} /Root 1 0 R /ID [${id} ${id}] ${locked ? lock : ''} >>\n`;
  return Buffer.from(`${body}startxref\n${start}\n%%EOF\n`, 'latin1');
}

/** Some pages that look like what people send each other. */
export function rules(pages = 6): Buffer {
  const line = 'Boats that come in after dark keep to the green side and carry a light.';
  return pdf(
    Array.from({ length: pages }, (_, index) => ({
      draws: [
        box('0.04 0.42 0.45', 0, 780, 595, 62),
        `1 g ${text('Harbour rules 2026', 60, 802, 22)} 0 g`,
        text(`${index + 1}. Mooring and lights`, 60, 720, 20),
        ...Array.from({ length: 24 }, (_line, at) => text(line, 60, 690 - at * 17, 13)),
        box('0.9 0.7 0.2', 60, 80, 200, 150),
        box('0.2 0.5 0.7', 280, 80, 255, 150),
      ].join('\n'),
    })),
  );
}
