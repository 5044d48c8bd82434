import PDFDocument from 'pdfkit'
import { writtenCnpj } from '../../platform/regulation/cnpj.ts'
import type { Letter, LetterBlock, LetterSection } from './domain/letter.ts'
import { LetterRecordError, readRecord, recordText, type LetterRecord } from './domain/letter-record.ts'
import { bold, regular, writeWidths } from './letter-fonts.ts'
import { printable } from './printable.ts'

type Document = PDFKit.PDFDocument
type Structure = PDFKit.PDFStructureElement

const margins = { top: 46, bottom: 56, left: 56, right: 56 }
const ink = { text: '#1a1a1a', faint: '#4a4a4a', line: '#8a8a8a', shade: '#ececec', good: '#1b6e3c', bad: '#a32020' }
const recordFile = 'medicao.json'

/**
 * The letter as a PDF: A4, tagged for screen readers, its record attached. The same letter makes the same bytes, wherever:
 * its dates are the letter's, and nothing is compressed, for compressors differ between machines.
 */
export async function letterPdf(letter: Letter): Promise<Buffer> {
  const at = new Date(`${letter.writtenOn}T12:00:00Z`)
  const document = new PDFDocument({
    ...{ size: 'A4', margins, pdfVersion: '1.7', compress: false, bufferPages: true },
    ...{ tagged: true, displayTitle: true, lang: 'pt-BR' },
    info: { Title: letter.title, Creator: 'Linha Viva', Producer: 'Linha Viva', CreationDate: at, ModDate: at },
  })
  const parts: Buffer[] = []
  document.on('data', (part: Buffer) => parts.push(part))
  const written = new Promise<void>((resolve, reject) => document.once('end', resolve).once('error', reject))
  writeWidths(document)
  const root = document.struct('Document')
  document.addStructure(root)
  writeHead(document, root, letter)
  for (const [index, section] of letter.sections.entries())
    writeSection(document, root, section, index === 0 ? (letter.complies ? ink.good : ink.bad) : ink.text)
  root.end()
  document.file(Buffer.from(recordText(letter.record)), {
    ...{ name: recordFile, type: 'application/json', relationship: 'Data', creationDate: at, modifiedDate: at },
    description: 'A medicao, para programas',
  } as PDFKit.Mixins.PDFAttachmentOptions)
  writeFooters(document, letter)
  document.end()
  await written
  return Buffer.concat(parts)
}

/** What a PDF that `letterPdf` made says of its measurement. @throws LetterRecordError */
export function readLetterPdf(pdf: Uint8Array): LetterRecord {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
  const begin = bytes.indexOf('/Type /EmbeddedFile\n')
  const stream = begin < 0 ? -1 : bytes.indexOf('stream\n', begin)
  if (stream < 0) throw new LetterRecordError('the PDF has no record of a measurement')
  const length = /\/Length (\d+)\n/.exec(bytes.toString('latin1', begin, stream))?.[1]
  const from = stream + 'stream\n'.length
  return readRecord(bytes.toString('utf8', from, from + Number(length)))
}

function writeHead(document: Document, root: Structure, { title, sender, addressee, date, reference }: Letter): void {
  const width = document.page.width - margins.left - margins.right
  write(document, root, 'P', sender.name, { size: 13, font: bold })
  write(document, root, 'P', `CNPJ ${writtenCnpj(sender.cnpj)}, ${date}`, { size: 9.5, color: ink.faint })
  document.moveDown(0.4)
  decoration(document, () => {
    const { y } = document
    document
      .moveTo(margins.left, y)
      .lineTo(margins.left + width, y)
      .lineWidth(1.2)
      .strokeColor(ink.text)
      .stroke()
  })
  document.moveDown(1)
  for (const line of addressee) write(document, root, 'P', line, {})
  document.moveDown(1)
  write(document, root, 'H1', title, { size: 17, font: bold })
  write(document, root, 'P', reference, { size: 9.5, color: ink.faint })
}

function writeSection(document: Document, root: Structure, { heading, blocks }: LetterSection, color: string): void {
  const section = document.struct('Sect')
  root.add(section)
  // A heading does not stand alone at the end of a page.
  keepTogether(document, 38 + leastHeight(blocks[0]!))
  document.fontSize(10).moveDown(0.6)
  write(document, section, 'H2', heading, { size: 12.5, font: bold, color })
  document.moveDown(0.35)
  for (const block of blocks) writeBlock(document, section, block)
  section.end()
}

function writeBlock(document: Document, section: Structure, block: LetterBlock): void {
  if (block.kind === 'paragraph') {
    write(document, section, 'P', block.text, {})
    document.moveDown(0.5)
    return
  }
  keepTogether(document, leastHeight(block))
  write(document, section, 'Caption', block.caption, { size: 9.5, font: bold })
  document.moveDown(0.25)
  if (block.kind === 'facts') writeFacts(document, section, block.rows)
  else writeTable(document, section, block.head, block.rows)
  document.moveDown(0.7)
}

const cellStyle = { padding: [3, 6, 3, 6], border: 0.6, borderColor: ink.line, textColor: ink.text }

function writeFacts(document: Document, section: Structure, rows: readonly (readonly [string, string])[]): void {
  const data = rows.map(([name, value]) => [
    { text: printable(name), type: 'TH', scope: 'Row', textColor: ink.faint },
    { text: printable(value) },
  ])
  table(document, section, [190, '*'], data)
}

function writeTable(
  document: Document,
  section: Structure,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const align = (column: number) => ({ align: { x: column === 0 ? 'left' : 'right', y: 'top' } })
  const data = [
    head.map((name, column) => ({
      ...{ text: printable(name), type: 'TH', scope: 'Column', backgroundColor: ink.shade, ...align(column) },
      font: { src: bold, size: 9.5 },
    })),
    ...rows.map((cells) =>
      cells.map((cell, column) => ({
        text: printable(cell),
        ...(column === 0 ? { type: 'TH', scope: 'Row' } : {}),
        ...align(column),
      })),
    ),
  ]
  table(document, section, '*', data)
}

function table(
  document: Document,
  section: Structure,
  columnStyles: string | (string | number)[],
  data: readonly (readonly object[])[],
): void {
  document.font(regular).fontSize(9.5).fillColor(ink.text)
  document.x = margins.left
  // Its types know no structure.
  document.table({ columnStyles, defaultStyle: cellStyle, data, structParent: section } as never)
  document.x = margins.left
}

/** A piece of text of its own. */
function write(
  document: Document,
  parent: Structure,
  tag: string,
  text: string,
  { size = 10, font = regular, color = ink.text }: { size?: number; font?: string; color?: string },
): void {
  parent.add(
    document.struct(tag, {}, () => {
      document.font(font).fontSize(size).fillColor(color)
      document.text(printable(text), margins.left, document.y, { lineGap: 1 })
    }),
  )
}

/** What must be on the page where a block begins: some lines of a text, a table up to six rows. */
const leastHeight = (block: LetterBlock): number =>
  block.kind === 'paragraph' ? 30 : 24 + 18 * Math.min(block.rows.length + (block.kind === 'table' ? 1 : 0), 6)

/** Begins a page where less than so many points are left. */
function keepTogether(document: Document, height: number): void {
  if (document.y + height > document.page.height - margins.bottom) document.addPage()
}

/** What is seen and not read out. */
function decoration(document: Document, draw: () => void): void {
  document.markContent('Artifact', { type: 'Layout' } as never)
  draw()
  document.endMarkedContent()
}

function writeFooters(document: Document, { sender, reference }: Letter): void {
  const { start, count } = document.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    document.switchToPage(page)
    // Below the margin text would begin a page.
    const { bottom } = document.page.margins
    document.page.margins.bottom = 0
    document.markContent('Artifact', { type: 'Pagination', attached: ['Bottom'] } as never)
    const y = document.page.height - 42
    const width = document.page.width - margins.left - margins.right
    document.font(regular).fontSize(8).fillColor(ink.faint)
    const line = { lineBreak: false, height: 10, ellipsis: true }
    document.text(printable(`${sender.name} · ${reference}`), margins.left, y, { width: width - 90, ...line })
    document.text(`Página ${page - start + 1} de ${count}`, margins.left + width - 85, y, { width: 85, align: 'right' })
    document.endMarkedContent()
    document.page.margins.bottom = bottom
  }
}
