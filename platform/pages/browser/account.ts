import { sessionOf } from '../../wire/session.ts'

const session = sessionOf(document)

async function logOut(button: HTMLButtonElement): Promise<void> {
  button.disabled = true
  if (await session.logOut()) return location.assign('/logout')
  button.disabled = false
  alert(button.dataset['failed'])
}

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-language]'))
  button.addEventListener('click', () => {
    document.cookie = `lv_language=${button.dataset['language']}; Path=/; Max-Age=31536000; SameSite=Lax`
    location.reload()
  })

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-log-out]'))
  button.addEventListener('click', () => void logOut(button))

// Only pages of somebody who is logged in have something to log out from.
if (document.querySelector('[data-log-out]'))
  session.keep(() => location.assign(`/login?ended&next=${encodeURIComponent(location.pathname)}`))
