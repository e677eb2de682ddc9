import { imagesToShow, repositoriesOf } from './live-images.ts';

/** Which of many targets have shown an image of a wanted repository, in whatever version. */
export interface ShownImages {
  add(target: string, images: readonly string[]): void;
  remove(target: string): void;
  /** The wanted images that this target has to show; see `imagesToShow`. */
  dueFrom(target: string): readonly string[];
  /** Whether, since it was last asked, something changed that is about other targets too. */
  takeNews(): boolean;
}

export function shownImages(wanted: readonly string[]): ShownImages {
  const holders = new Map(repositoriesOf(wanted).map((name) => [name, new Set<string>()]));
  let isNews = false;
  return {
    add(target, images) {
      if (holders.size === 0) return;
      for (const name of repositoriesOf(images)) {
        const those = holders.get(name);
        // While nobody has shown it, everybody has to.
        isNews ||= those?.size === 0;
        those?.add(target);
      }
    },
    remove(target) {
      for (const those of holders.values()) isNews = those.delete(target) || isNews;
    },
    dueFrom(target) {
      const own = { has: (name: string) => holders.get(name)?.has(target) === true };
      const others = { has: (name: string) => (holders.get(name)?.size ?? 0) > (own.has(name) ? 1 : 0) };
      return imagesToShow(wanted, own, others);
    },
    takeNews() {
      const was = isNews;
      isNews = false;
      return was;
    },
  };
}
