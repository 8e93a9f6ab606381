'use client';

import { useEffect } from 'react';
import { keepFocus } from './keep-focus.ts';

export function FocusKeeper() {
  useEffect(() => keepFocus(document), []);
  return null;
}
