/** What a page may use inside the frame of another: asked first, because a browser complains of every use that is refused. */

/** Whether this page may use a feature, as far as the browser tells; where it does not tell, trying is the only way. */
export function allowed(feature: string): boolean {
  const policy = (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy;
  return policy?.allowsFeature(feature) ?? true;
}
