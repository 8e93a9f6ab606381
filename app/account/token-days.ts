/** How long a token may live, as the form offers it. */
export const tokenDays = ['30', '7', '90', '365', 'endless'] as const;
