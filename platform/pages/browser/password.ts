import { sessionOf } from '../../wire/session.ts'
import { resetForm, runForm } from './form.ts'

const form = document.querySelector('form')!
const valueOf = (id: string): string => form.querySelector<HTMLInputElement>(`#${id}`)!.value
const done = form.querySelector<HTMLElement>('[role=status]')!
const session = sessionOf(document)

runForm(form, {
  kinds: { 400: 'weak', 403: 'wrong', 409: 'ofProvider' },
  async send() {
    done.textContent = ''
    return valueOf('password') === valueOf('repeated')
      ? session.changePassword(valueOf('present'), valueOf('password'))
      : 'different'
  },
  done() {
    resetForm(form)
    done.textContent = done.dataset['done'] ?? ''
  },
})
