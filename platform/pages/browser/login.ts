import { sessionOf } from '../../wire/session.ts'
import { runForm } from './form.ts'

const form = document.querySelector('form')!
const username = form.querySelector<HTMLInputElement>('#username')!
const password = form.querySelector<HTMLInputElement>('#password')!
const session = sessionOf(document)
const asked = new URLSearchParams(location.search)

/** The server knows where: now that there is a session, it sends on from here. If it does not, the browser keeps no cookies. */
function goOn(): void {
  asked.set('here', '')
  location.replace(`/login?${asked}`)
}

runForm(form, {
  kinds: { 401: 'wrong' },
  send: () => session.logIn(username.value.trim(), password.value),
  done: goOn,
  failed(kind) {
    if (kind !== 'wrong') return
    password.value = ''
    password.focus()
  },
})

// A browser that another site led here keeps the session's cookie to itself; asked from this page, it sends it.
if (session.isLikely && !asked.has('ended') && !asked.has('here')) {
  const state = await session.ask()
  if (typeof state === 'object') goOn()
}
