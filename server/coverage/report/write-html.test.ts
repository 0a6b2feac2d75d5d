import { describe, expect, it } from 'vitest';
import { composeReport } from './compose-report.ts';
import { madeUpReport } from './testing/made-up-report.ts';
import { writeHtml } from './write-html.ts';

describe('the page that is printed', () => {
  const risky = '<img src="https://example.org/x"><script>alert(1)</script>';
  const html = writeHtml(composeReport(madeUpReport({ province: { name: risky, isCity: false } })));

  it('takes no text of the data for markup', () => {
    expect(html).toContain('&#60;img src=&#34;https://example.org/x&#34;&#62;');
    expect(html).not.toMatch(/<(img|script|iframe|link|object)\b/);
  });

  it('allows no script and no address, and has none of its own', () => {
    expect(html).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"`,
    );
    const attributes = [...html.matchAll(/\b(?:src|href|action)="([^"]*)"/g)].map(([, address]) => address);
    expect(attributes).toEqual([]);
    const urls = [...html.matchAll(/url\((["']?)([^)]{0,12})/g)].map(([, , start]) => start!);
    expect(urls.filter((start) => !/^(data:|#)/.test(start))).toEqual([]);
  });
});
