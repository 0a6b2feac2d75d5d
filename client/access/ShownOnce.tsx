import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLanguage } from '../i18n/language.ts';

type ShownOnceProps = {
  title: string;
  text: string;
  secret: string;
  done: string;
  onDone: () => void;
  children?: ReactNode;
};

/** A secret that is on record nowhere: copied now, or made anew. */
export function ShownOnce({ title, text, secret, done, onDone, children }: ShownOnceProps) {
  const { t } = useLanguage();
  const heading = useRef<HTMLHeadingElement>(null);
  const code = useRef<HTMLElement>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => heading.current?.focus(), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      // Over plain HTTP browsers keep the clipboard to themselves: what is selected can be copied by hand.
      const range = document.createRange();
      range.selectNodeContents(code.current!);
      const selection = window.getSelection();
      selection?.removeAllRanges();
      selection?.addRange(range);
      setCopied(document.execCommand('copy'));
    }
  };
  return (
    <div className="shown-once">
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      <p>{text}</p>
      <p className="shown-once-secret">
        <code ref={code}>{secret}</code>
        <Button size="xs" variant="default" onClick={() => void copy()}>
          {copied ? t('access.tokens.copied') : t('access.tokens.copy')}
        </Button>
        <span role="status" className="visually-hidden">
          {copied && t('access.tokens.copied')}
        </span>
      </p>
      {children}
      <Button size="xs" onClick={onDone}>
        {done}
      </Button>
    </div>
  );
}
