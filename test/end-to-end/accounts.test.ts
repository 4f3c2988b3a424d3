import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from './product.ts';

const EMAIL = 'ada@example.org';
const PASSWORD = 'difference engine no 2';
let product: Product;
beforeAll(async () => {
  product = await startProduct();
}, 90_000);
// Fails where the password was kept or logged.
afterAll(() => product?.remove());

const post = (path: string, body: object) => product.ask(path, { method: 'POST', body });

it('somebody registers and signs in; both outlive kill -9 of everything, the database too', async () => {
  expect((await post('/auth/register', { email: EMAIL, password: PASSWORD, handle: 'ada' })).status).toBe(
    201,
  );
  const login = await post('/auth/login', { email: EMAIL, password: PASSWORD });
  expect(login.status).toBe(200);
  const tokens = (await login.json()) as { accessToken: string; refreshToken: string };
  await product.killAll('group and database');
  await product.startAgain();
  const me = () =>
    fetch(new URL('/users/me', product.url), { headers: { authorization: `Bearer ${tokens.accessToken}` } });
  expect(await (await me()).json()).toMatchObject({ email: EMAIL, handle: 'ada' });
  const refreshed = await post('/auth/refresh', { refreshToken: tokens.refreshToken });
  expect(refreshed.status).toBe(200);
  // Shown twice, it ends its session, and with it the access token.
  expect((await post('/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(401);
  expect((await me()).status).toBe(401);
  expect((await post('/auth/login', { email: EMAIL, password: PASSWORD })).status).toBe(200);
  for (const secret of [PASSWORD, tokens.refreshToken, tokens.accessToken, EMAIL])
    expect(product.log()).not.toContain(secret);
}, 120_000);
