type Document = PDFKit.PDFDocument

/** The fonts of a letter: every reader of PDF has them, or another of the same kind. */
export const regular = 'Helvetica'
export const bold = 'Helvetica-Bold'

const firstChar = 32
const lastChar = 255

/** What pdfkit keeps of a font to itself; pinned to a release, and held by the golden letters. */
interface StandardFont {
  readonly dictionary: { data: Record<string, unknown>; end(): void }
  embed(): void
}

/**
 * Writes the widths of the letters into a document's fonts. pdfkit leaves them out, as the norm allows for the standard
 * fonts; a reader that has another font in their stead would then show it wider, and cut off what no longer fits.
 */
export function writeWidths(document: Document): void {
  for (const name of [regular, bold]) {
    const font = (document.font(name) as unknown as { _font: StandardFont })._font
    const widths = widthsOf(document)
    font.embed = () => {
      const descriptor = document.ref(descriptorOf(name) as never)
      descriptor.end(undefined as never)
      font.dictionary.data = {
        ...{ Type: 'Font', BaseFont: name, Subtype: 'Type1', Encoding: 'WinAnsiEncoding' },
        ...{ FirstChar: firstChar, LastChar: lastChar, Widths: widths, FontDescriptor: descriptor },
      }
      font.dictionary.end()
    }
  }
}

/** Of each code of the encoding, in thousandths of the size of the font. */
function widthsOf(document: Document): number[] {
  document.fontSize(1_000)
  const codes = Uint8Array.from({ length: lastChar - firstChar + 1 }, (_, index) => firstChar + index)
  return Array.from(new TextDecoder('windows-1252').decode(codes), (character) => document.widthOfString(character))
}

/** From the metrics that Adobe published for these fonts. */
const descriptorOf = (name: string) => ({
  ...{ Type: 'FontDescriptor', FontName: name, FontFamily: new String('Helvetica'), Flags: 32, ItalicAngle: 0 },
  ...{ Ascent: 718, Descent: -207, MissingWidth: 278 },
  ...(name === bold
    ? { FontBBox: [-170, -228, 1003, 962], CapHeight: 718, XHeight: 532, StemV: 140, FontWeight: 700 }
    : { FontBBox: [-166, -225, 1000, 931], CapHeight: 718, XHeight: 523, StemV: 88, FontWeight: 400 }),
})
