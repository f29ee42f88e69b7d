/** Who did it: names of users by their ids, as versions and schedules keep them. */
import { api } from "./api";
import { named } from "./i18n.svelte";
import type { ShownUser } from "./types";

class People {
  private names = $state.raw<Record<string, string>>({});

  /** Asked for by the pages that show names; whoever sees these may see the users. */
  async load(): Promise<void> {
    const users = await api.get<ShownUser[]>("/api/users");
    this.names = Object.fromEntries(users.map((user) => [user.user_id, user.full_name]));
  }

  /** `machine: ruth` is Ruth at the command line. */
  name(by: string): string {
    const [who = "", at] = by.split(": ");
    return at ?? this.names[who] ?? named("by", who);
  }
}

export const people = new People();
