import { randomBytes } from 'node:crypto'
import type { Application } from 'express'
import type { NodeAPI } from 'node-red'
import { OidcProvider } from '../access/oidc/provider.ts'
import { PendingLogins } from '../access/oidc/pending-login.ts'
import { oidcSettings } from '../access/oidc/settings.ts'
import { wallClock } from '../clock/clock.ts'
import { identityOf } from '../http/front-door.ts'
import { messageOf } from '../node/message-of.ts'
import { runningServices } from '../runtime/running.ts'
import { nothingHere, pagesRouter } from './pages.ts'

/** The pages for people in this process of Node-RED. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-pages', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return RED.log.warn('no pages: this Node-RED runs without the settings of Linha Viva')
      const { access, environment } = services
      const settings = oidcSettings(environment)
      const provider =
        settings &&
        new OidcProvider(
          settings,
          new PendingLogins(environment.JWT_SECRET ?? randomBytes(32).toString('base64url'), wallClock),
        )
      const report = (error: unknown): void => RED.log.error(`pages: ${messageOf(error)}`)
      const nodes = RED.httpNode as unknown as Application & { readonly parent?: Application }
      nodes.use(pagesRouter({ access, provider, identityOf, report }))
      // Behind editor, dashboard and what flows answer, which are all mounted by now, or below one that is.
      nodes.parent?.use(nothingHere(identityOf))
    },
  })
}
