import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'

/** Stricter than for others: these pages need nothing inline, and nobody shall frame a login. */
const policy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
].join('; ')

export function sendPage(response: ServerResponse, page: string, status = 200): void {
  response.statusCode = status
  response.setHeader('Content-Security-Policy', policy)
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Vary', 'Accept-Language, Cookie')
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(page)
}

/** Whether somebody waits for a page: a browser that goes somewhere, not a program, and not a script of a page. */
export const wantsPage = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && /\btext\/html\b/.test(headers.accept ?? '')

/** To another page of ours, or the provider's; asked for with GET whatever this was asked with. */
export function redirect(response: Response, to: string): void {
  response.set('Cache-Control', 'no-store').redirect(303, to)
}

/** A handler whose failure goes where Express handles failures; left to itself it would end the process. */
export const answering =
  (handle: (request: Request, response: Response, next: NextFunction) => Promise<void>): RequestHandler =>
  (request, response, next) =>
    void handle(request, response, next).catch(next)
