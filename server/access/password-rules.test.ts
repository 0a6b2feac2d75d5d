import { describe, expect, it } from 'vitest';
import { passwordFault, passwordRefusal } from './password-rules.ts';
import { newOneTimePassword } from './secrets.ts';

const rule = (password: string, account = 'xa-gia-vien') => passwordRefusal(password, account)?.rule ?? null;

describe('a password', () => {
  it.each([
    'con đường làng rợp bóng tre',
    'correct horse battery staple',
    // no rules of composition: letters alone, digits alone
    'thuyenduatreo',
    '839204716253',
    '🌾🌾🚜🛶🎋🏮🪷🐃🥥🍚🌊🎏',
    'xa-gia-vien trồng lúa nếp',
    'mật khẩu này của riêng tôi thôi',
    'vietnam 1975 hoà bình',
  ])('is taken: %s', (password) => {
    expect(rule(password)).toBeNull();
  });

  it.each(['', 'ngắn quá', 'mười một k.', '🌾'.repeat(11)])('is too short: %s', (password) => {
    expect(rule(password)).toBe('password-too-short');
  });

  it('is measured in characters as they are composed', () => {
    // ế as one character, and as three
    expect(rule('ếếếếếếaăbcd')).toBe('password-too-short');
    expect(rule('ếếếếếếaăbcd'.normalize('NFD'))).toBe('password-too-short');
  });

  it.each([
    'matkhau123456',
    'Mật khẩu 123456!',
    'M@tkh@u123456',
    'password1234',
    'P@ssw0rd2026!',
    'passwordpassword',
    '123456789012',
    '987654321098'.slice(0, 12),
    'abcdefghijkl',
    'abcabcabcabc',
    'qwertyuiop12',
    'aaaaaaaaaaaa',
    'abababababab',
    '2026-ninhbinh-2026',
    'Ninh Bình 123456',
    'admin@123456',
    'anhyeuem123456',
    'quantrihethong',
    '123412341234',
  ])('is tried first by whoever guesses: %s', (password) => {
    expect(rule(password)).toBe('password-too-common');
  });

  it.each(['xa-gia-vien-2026', 'XaGiaVien2026', 'xagiavien!!!!', 'xã gia viễn 123'])(
    'is the name of the account: %s',
    (password) => {
      expect(rule(password)).toBe('password-is-account');
    },
  );

  it('that breaks a rule is told in both languages, without the password', () => {
    expect(passwordFault('ngắn quá', 'so-y-te', 'newPassword')).toEqual({
      field: 'newPassword',
      rule: 'password-too-short',
      message: { vi: 'mật khẩu có ít nhất 12 ký tự', en: 'a password of at least 12 characters' },
    });
    expect(passwordFault('con đường làng rợp bóng tre', 'so-y-te', 'newPassword')).toBeNull();
  });
});

it('a one-time password is read out easily, and never the same', () => {
  const made = new Set(Array.from({ length: 500 }, newOneTimePassword));
  expect(made.size).toBe(500);
  for (const one of made) {
    expect(one).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/);
    expect(passwordRefusal(one, 'so-y-te')).toBeNull();
  }
});
