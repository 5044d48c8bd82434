import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { messageCarrier, type NotificationMessage } from './message-carrier.ts'
import type { NotificationDocument } from './notification-document.ts'

describe('messageCarrier', () => {
  const document = { id: 'n-1', title: 'Alarm', text: 'so it is' } as NotificationDocument
  const carried = async (to: string): Promise<{ confirmed: boolean; message: NotificationMessage }> => {
    const sent: NotificationMessage[] = []
    const carrier = messageCarrier(to, 1_000, (message) => sent.push(message))
    const confirmed = await carrier.carry(document, 2, new AbortController().signal)
    assert.equal(sent.length, 1)
    return { confirmed, message: sent[0]! }
  }

  it('hands over what the e-mail node takes, and waits for what confirms it', async () => {
    const { confirmed, message } = await carried('ana@example.com')
    assert.equal(confirmed, false)
    assert.deepEqual(
      [message.topic, message.payload, message.to, message.notificationId, message.attempt],
      ['Alarm', 'so it is', 'ana@example.com', 'n-1', 2],
    )
    assert.equal(message.headers['Message-ID'], '<n-1@linha-viva>')
  })

  it('says no recipients where none are set: the next node has its own', async () => {
    assert.ok(!('to' in (await carried('')).message))
  })
})
