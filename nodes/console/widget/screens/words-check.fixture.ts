import assert from 'node:assert/strict'
import { languages } from '../texts.ts'
import type { Words } from './screen-words.ts'

const placesOf = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted()

/** Both languages say something for each key, with the same places for values. */
export function checkWords<Key extends string>(words: Words<Key>): void {
  const [one, other] = languages.map((language) => words[language] as Readonly<Record<string, string>>)
  assert.deepEqual(Object.keys(one!).toSorted(), Object.keys(other!).toSorted())
  for (const [key, text] of Object.entries(one!)) {
    assert.notEqual(text.trim(), '', key)
    assert.notEqual(other![key]!.trim(), '', key)
    assert.deepEqual(placesOf(text), placesOf(other![key]!), key)
  }
}
