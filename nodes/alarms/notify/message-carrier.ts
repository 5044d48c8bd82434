import type { Carrier } from './delivery.ts'
import type { NotificationDocument } from './notification-document.ts'

/** A notification as it goes to another node, such as the e-mail node: what that takes of it, and whose confirmation is awaited. */
export interface NotificationMessage {
  /** Subject. */
  readonly topic: string
  /** Body. */
  readonly payload: string
  readonly to?: string
  /** The same id again is the same mail again, as mail programs see it. */
  readonly headers: Readonly<Record<string, string>>
  readonly notificationId: string
  readonly attempt: number
  readonly notification: NotificationDocument
}

/** Hands notifications to the next node, and waits for what confirms them: they count as lost where nothing has within `confirmMs`. */
export function messageCarrier(to: string, confirmMs: number, send: (message: NotificationMessage) => void): Carrier {
  return {
    leaseMs: confirmMs,
    async carry(document, attempt) {
      send({
        ...{ topic: document.title, payload: document.text, ...(to !== '' && { to }) },
        headers: { 'Message-ID': `<${document.id}@linha-viva>`, 'X-Linhaviva-Notification': document.id },
        ...{ notificationId: document.id, attempt, notification: document },
      })
      return false
    },
  }
}
