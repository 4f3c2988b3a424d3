import { createECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decryptPush, openBrowser } from '../../test/push-browser.ts';
import { arePushKeys, encryptPush } from './encrypt.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');

describe('a push', () => {
  it('is encrypted as in RFC 8291, appendix A', () => {
    const sender = createECDH('prime256v1');
    sender.setPrivateKey(bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'));
    const sealed = encryptPush(
      Buffer.from('When I grow up, I want to be a watermelon'),
      {
        p256dh: bytes(
          'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
        ),
        auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
      },
      { salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'), sender, step: 1 },
    );
    expect(sealed.toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    );
  });

  it.each([
    ['nothing', ''],
    ['a line', 'Alice likes your post.'],
    ['other scripts', 'Ωμέγα 文字 🐙'],
    ['what fills a step', 'a'.repeat(255)],
    ['what fills a push', 'a'.repeat(3_993)],
  ])('of %s can be read by its browser, and says little by its length', (_, message) => {
    const browser = openBrowser();
    const sealed = encryptPush(Buffer.from(message), browser.keys);
    expect(decryptPush(sealed, browser)).toBe(message);
    expect(sealed.length).toBeLessThanOrEqual(4_096);
    expect([(sealed.length - 102) % 256, sealed.length === 4_096]).toContain(
      sealed.length === 4_096 ? true : 0,
    );
    expect(() => decryptPush(sealed, openBrowser())).toThrow();
  });

  it('that is too large is refused', () => {
    expect(() => encryptPush(Buffer.alloc(3_994), openBrowser().keys)).toThrow(/3994 bytes/);
  });

  it.each([
    ['no point of the curve', Buffer.alloc(65, 4), Buffer.alloc(16)],
    ['a compressed point', openBrowser().keys.p256dh.subarray(0, 33), Buffer.alloc(16)],
    ['nothing', Buffer.alloc(0), Buffer.alloc(0)],
    ['a short secret', openBrowser().keys.p256dh, Buffer.alloc(15)],
  ])('is made for no keys such as %s', (_, p256dh, auth) => {
    expect(arePushKeys({ p256dh, auth })).toBe(false);
    expect(() => encryptPush(Buffer.from('a'), { p256dh, auth })).toThrow(
      expect.objectContaining({ code: 'push-keys-invalid' }),
    );
  });
});
