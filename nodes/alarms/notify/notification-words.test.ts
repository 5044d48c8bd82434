import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { priorities } from '../domain/alarm.ts'
import { notices } from '../domain/notification.ts'
import { digestWords, languages, noticeWords, priorityWords, remarks } from './notification-words.ts'

describe('the words of notifications', () => {
  for (const language of languages)
    it(`are all there in ${language}, each its own`, () => {
      const words = [
        ...notices.map((notice) => noticeWords[language][notice]),
        ...priorities.map((priority) => priorityWords[language][priority]),
        ...[1, 2, 37].map((count) => digestWords[language](count)),
        ...[1, 2].map((count) => remarks[language].explains(count)),
      ]
      assert.ok(words.every((word) => word.length > 2))
      assert.equal(new Set(words).size, words.length)
    })
})
