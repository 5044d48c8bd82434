import type { Router } from 'express'
import type { NodeAPI } from 'node-red'
import { accessLogRoutes } from '../access/access-log-routes.ts'
import { apiKeyRoutes } from '../access/api-key-routes.ts'
import { accessRoutes } from '../access/routes.ts'
import { userRoutes } from '../access/user-routes.ts'
import { approvalRoutes } from '../approval/routes.ts'
import { credentialRoutes } from '../broker/credential-routes.ts'
import { networkRoutes } from '../network/routes.ts'
import { regulationRoutes } from '../regulation/routes.ts'
import { isProduction } from '../runtime/environment.ts'
import { runningServices } from '../runtime/running.ts'
import { Api } from './api.ts'
import { healthRoutes } from './health-routes.ts'
import { metricsRoutes } from './metrics-routes.ts'
import { openMetrics } from './metrics.ts'
import { provideRoutes, runApi } from './routes.ts'

/** The HTTP API of this process of Node-RED: what the platform itself answers, and what the areas add. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-http', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return RED.log.warn('no API: this Node-RED runs without the settings of Linha Viva')
      const metrics = openMetrics()
      const api = new Api(services, {
        report: (entry) => RED.log.error(`API: ${entry}`),
        checkAnswers: !isProduction(services.environment),
        onAnswered: metrics.answered,
      })
      ;(RED.httpNode as unknown as Router).use(api.router)
      runApi(api)
      for (const routes of [
        healthRoutes,
        () => metricsRoutes(metrics, services.environment.METRICS_TOKEN),
        accessRoutes,
        userRoutes,
        accessLogRoutes,
        apiKeyRoutes,
        networkRoutes,
        regulationRoutes,
        approvalRoutes(),
        credentialRoutes,
      ])
        provideRoutes(routes)
    },
  })
}
