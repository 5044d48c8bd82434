import assert from 'node:assert/strict'
import PDFDocument from 'pdfkit'
import { bold, regular, writeWidths } from './letter-fonts.ts'

describe('the fonts of a letter', () => {
  it('say how wide each letter is, so that another font in their stead takes no more room', async () => {
    const document = new PDFDocument({ compress: false })
    writeWidths(document)
    for (const name of [regular, bold]) document.font(name).fontSize(10).text('Tensão')
    const parts: Buffer[] = []
    document.on('data', (part: Buffer) => parts.push(part))
    document.end()
    await new Promise((resolve) => document.once('end', resolve))
    const text = Buffer.concat(parts).toString('latin1')
    for (const name of [regular, bold]) {
      const font = new RegExp(`/BaseFont /${name}\\n[^>]*/Widths \\[([\\d. ]+)\\]`).exec(text)?.[1]
      const widths = font?.split(' ').map(Number)
      assert.equal(widths?.length, 224)
      // As Adobe published them: space, T, ã, €.
      const at = (code: number): number | undefined => widths?.[code - 32]
      assert.deepEqual([at(32), at(84), at(0xe3), at(0x80)], [278, 611, 556, 556])
    }
  })
})
