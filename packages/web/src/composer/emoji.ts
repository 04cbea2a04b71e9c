export interface Emoji {
  readonly char: string;
  /** Its usual English name and what else it is searched by. */
  readonly name: string;
}

/** The common ones; the rest come from the system's own emoji keyboard. */
const LIST = `👍 thumbs up yes|❤️ heart love|😂 joy laughing tears|🎉 tada party|😮 surprised wow|🙏 pray thanks please
😀 grinning|😄 smile happy|😁 beaming|😅 sweat smile relief|🤣 rofl rolling laughing|🙂 slight smile|🙃 upside down
😉 wink|😊 blush|😇 innocent angel|🥰 smiling hearts|😍 heart eyes|😘 kiss|😋 yum|😛 tongue|🤪 zany|🤗 hug|🤔 thinking
🤨 raised eyebrow|😐 neutral|😑 expressionless|😶 no mouth|😏 smirk|🙄 eye roll|😬 grimace|😌 relieved|😴 sleeping tired
🤒 sick ill|🤯 mind blown exploding|🥳 partying face|😎 cool sunglasses|🤓 nerd|😕 confused|😟 worried|🙁 frown|😳 flushed
🥺 pleading|😢 cry sad|😭 sob loudly crying|😱 scream fear|😤 triumph huff|😡 angry rage|🤬 swearing|💀 skull dead|💩 poop
👻 ghost|🤖 robot|👎 thumbs down no|👏 clap applause|🙌 raised hands hooray|👌 ok hand|✌️ victory peace|🤞 fingers crossed luck
🤝 handshake deal|👋 wave hello bye|💪 muscle strong|🫶 heart hands|👀 eyes look|🧠 brain|👶 baby|🤷 shrug|🤦 facepalm
🙋 raising hand|🏃 running|💃 dancing|🧡 orange heart|💛 yellow heart|💚 green heart|💙 blue heart|💜 purple heart|🖤 black heart
💔 broken heart|💯 hundred|💥 boom collision|💤 zzz|✨ sparkles|⭐ star|🔥 fire hot|⚡ lightning zap|🌈 rainbow|☀️ sun
🌧️ rain|❄️ snow cold|🌊 wave sea|🌸 blossom|🌹 rose|🌻 sunflower|🌱 seedling plant|🍀 clover luck|🐶 dog|🐱 cat|🐭 mouse
🦊 fox|🐻 bear|🐼 panda|🐸 frog|🐵 monkey|🐔 chicken|🦄 unicorn|🐝 bee|🐛 bug|🦋 butterfly|🐢 turtle|🐙 octopus|🐳 whale
🍎 apple|🍌 banana|🍓 strawberry|🍕 pizza|🍔 burger|🍟 fries|🌮 taco|🍣 sushi|🍜 noodles|🍪 cookie|🎂 cake birthday
🍫 chocolate|☕ coffee|🍵 tea|🍺 beer|🍷 wine|🥂 cheers toast|⚽ football soccer|🏀 basketball|🎾 tennis|🏆 trophy win
🎸 guitar|🎵 music note|🎮 game|🎨 art|🎁 gift present|🎈 balloon|🚀 rocket ship|✈️ plane travel|🚗 car|🚲 bike|🚂 train
🏠 house home|🏖️ beach holiday|🏔️ mountain|⏰ alarm clock time|⌛ hourglass wait|📅 calendar date|📌 pin|📎 paperclip
✏️ pencil|📝 memo note|📚 books|💡 idea bulb|🔑 key|🔒 lock secure|🔓 unlock|🛡️ shield|💻 laptop computer|📱 phone|📷 camera
💰 money|🔧 wrench fix|🔨 hammer build|🧪 test tube|✅ check done|❌ cross no|❗ exclamation|❓ question|⚠️ warning
🚫 forbidden|♻️ recycle|➕ plus|➖ minus|🆗 ok|🔔 bell|💬 speech chat|🏁 finish flag|🇪🇺 europe`;

export const EMOJI: readonly Emoji[] = LIST.split(/[|\n]/).map((entry) => {
  const space = entry.indexOf(' ');
  return { char: entry.slice(0, space), name: entry.slice(space + 1) };
});
