import type { NodeAPI } from 'node-red'
import { messageOf } from '../node/message-of.ts'
import { accessLogRoutes } from '../access/access-log-routes.ts'
import { accessRoutes } from '../access/routes.ts'
import { userRoutes } from '../access/user-routes.ts'
import { runningServices } from '../runtime/running.ts'
import { Api } from './api.ts'
import { health, isServing } from './health.ts'
import { openMetrics } from './metrics.ts'
import { provideRoutes, runApi } from './routes.ts'

interface Response {
  status(code: number): Response
  json(body: unknown): void
  send(body: string): void
  set(name: string, value: string): Response
}
interface HttpApp {
  use(router: unknown): void
  get(path: string, handler: (request: unknown, response: Response) => void): void
}

/**
 * What the platform answers over HTTP, whatever the flows are. `GET /api/health`: 200 when everything needed is there,
 * else 503 with the reasons. `GET /api/metrics`: Prometheus text.
 */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-http', {
    type: 'linhaviva',
    onadd() {
      const app = RED.httpNode as unknown as HttpApp
      app.get('/api/health', (_request, response) => {
        const state = health(process.uptime())
        response
          .status(isServing(state) ? 200 : 503)
          .set('Cache-Control', 'no-store')
          .json(state)
      })
      const services = runningServices()
      if (services) {
        const api = new Api(services)
        app.use(api.router)
        runApi(api)
        for (const routes of [accessRoutes, userRoutes, accessLogRoutes]) provideRoutes(routes)
      }
      const metrics = openMetrics()
      app.get('/api/metrics', (_request, response) => {
        metrics.text().then(
          (text) => response.set('Content-Type', metrics.contentType).set('Cache-Control', 'no-store').send(text),
          (error: unknown) => response.status(500).send(`${messageOf(error)}\n`),
        )
      })
    },
  })
}
