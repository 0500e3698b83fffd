package gazetteer

// variantPairs lists old and variant forms of kanji, each followed by the form
// that keys use. They were collected from the tables of 常用漢字表 (forms in
// brackets) and from the spellings that occur in names of towns. Keys only: a
// place is always shown as its register spells it.
const variantPairs = "" +
	"丗世丣酉乕虎乘乗亂乱亙亘亞亜亯享亰京仝同佛仏來来侫佞侭儘俠侠倂併倶俱假仮傚効傳伝僊仙僞偽僲仙價価儉倹兒児內内兩両册冊冐冒冨富冰氷决決况況凉涼凖準凢凡刧劫刼劫剏創剩剰剱剣劍剣劑剤劒剣劔剣勅敕勑敕勞労勳勲勵励勸勧匃匂區区卆卒卷巻卽即厰廠參参叄三" +
	"吳呉吿告呪咒喆哲單単噐器嚴厳囑嘱囘回囬回圀国圈圏國国圍囲圓円圖図團団圡土坿附垰峠埀垂埓埒埜野堯尭堽岡塲場墅野增増墮堕壓圧壘塁壞壊壤壌壯壮壱一壷壺壹一壻婿壽寿夘卯夛多夲本奛奥奧奥奬奨姊姉姬姫娛娯媿愧孃嬢學学宻密寀采寃冤寢寝實実寫写寬寛寳宝寶宝" +
	"尅剋將将專専對対尒爾尓爾尙尚屆届屛屏屬属峩峨峯峰峽峡嵜崎嶋島嶌島嶮険嶽岳巌岩巖岩巢巣帋紙帶帯幷并庿廟廈厦廏厩廐厩廢廃廣広廳庁廻回廼乃弌一弐二彅薙彈弾彌弥彥彦徃往徑径從従徧遍德徳忩怱恆恒悳徳惠恵惡悪愼慎慘惨慙慚應応懷懐戀恋戞戛戰戦戲戯戶戸扺抵" +
	"拂払拏拿拔抜拜拝挘毟挾挟插挿揷挿搖揺搜捜擇択擊撃擔担擕携據拠擧挙擴拡攜携攝摂收収效効敍叙敎教數数斈学斷断旙旛昻昂晄晃晉晋晝昼暎映曆暦曉暁曻昇曾曽會会朖朗朞期杤栃杦杉杮柿枡桝枩松柗松柹柿栁柳栢柏桒桑桺柳條条梹檳梼檮棃梨棊棋棧桟棲栖椙杉楳梅榮栄" +
	"槇槙槗橋槪概樂楽樓楼樔巣樞枢樣様橅椈橫横檜桧檢検檪櫟櫻桜權権歐欧歡歓步歩歲歳歸帰殘残殼殻毆殴每毎毗毘氣気汙汚沒没沪濾泪涙洌冽淚涙淨浄淸清淺浅渊淵渕淵渴渇湌餐湶泉溌潑溪渓溫温溯遡滯滞滿満潛潜澁渋澑溜澤沢濕湿濟済濱浜濳潜濵浜濶闊瀦潴瀧滝瀨瀬灌潅" +
	"灣湾灮光烟煙焰焔煕熙熈熙燈灯燒焼營営爐炉爭争爲為爼俎牀床犧犠狢貉狹狭猨猿獏貘獨独獵猟獸獣獻献玅妙珎珍瑤瑶璢瑠瓣弁甁瓶甞嘗畄留畆畝畊耕畞畝畧略畫画畮畝當当疂畳疊畳癈廃癡痴發発皈帰皋皐皷鼓盖蓋盜盗盡尽眎視眞真砿鉱碎砕碕崎礦鉱礪砺祕秘祷禱祿禄禪禅" +
	"禮礼禰祢秊年秌秋稱称稻稲稾稿穉稚穐秋穗穂穩穏穰穣竈竃竊窃竝並笋筍筝箏箆篦箒帚箪簞簑蓑籔藪籠篭粮糧粹粋絕絶絲糸經経綠緑緖緒緜綿緣縁縣県縱縦總総繡繍繩縄繪絵繼継續続纒纏纖繊缺欠缾瓶罐缶羣群羮羹翆翠耡鋤耻恥聟婿聰聡聲声聽聴肅粛脅脇腟膣腦脳膽胆臟臓" +
	"臺台舃潟與与舊旧舍舎舖舗舘館舩船艷艶艸草苅刈莊荘莖茎萠萌萬万葊庵葢蓋蒋蔣蔭陰薗園薮藪薰薫藏蔵藝芸藥薬蘂蕊蘆芦蘓蘇處処虗虚號号蚫鮑蛎蠣蝉蟬蝿蠅螢蛍蟇蟆蟲虫蠶蚕蠻蛮衞衛裝装裡裏褝禅襃褒覊羈覺覚覽覧觀観觧解觸触諫諌謠謡證証譯訳譽誉讀読變変讓譲豎竪" +
	"豐豊豫予豬猪貛獾貳二賎賤賣売賴頼贊賛趂趁踐践蹟跡躰体軀躯輕軽輭軟轉転辧弁辨弁辭辞辯弁迯逃迹跡逎遒遙遥遞逓遲遅邉辺邊辺邨村郞郎鄕郷鄰隣酧酬醉酔醫医醬醤釀醸釋釈釡釜釼剣鈆鉛鈬鐸鉤鈎銕鉄鋪舗錄録錢銭鍜鍛鎭鎮鎻鎖鐡鉄鐵鉄鑄鋳鑚鑽鑛鉱鑵缶閇閉閒間關関" +
	"陝陜陞昇陷陥隂陰隝島隨随險険隱隠隸隷雙双雜雑雞鶏霛霊霸覇靈霊靍鶴靏鶴靑青靜静靱靭靹鞆韭韮頰頬頸頚頽頹顏顔顚顛顯顕飜翻飮飲餘余餠餅駈駆駮駁騷騒驅駆驒騨驗験驛駅髓髄體体髙高髮髪鬪闘鬭闘鬱欝魲鱸鯰鮎鯵鰺鰮鰯鴈雁鵞鵝鶯鴬鷄鶏鷆鷏鷗鴎鸖鶴鹽塩麁麤麥麦" +
	"麪麺麴麹黃黄黑黒默黙點点黨党齊斉齋斎齒歯齡齢龍竜龜亀龝秋﨑崎𠮷吉𡈽土𡌛圷𣘺橋"

// foldVariant maps one kanji to the form used in keys.
func foldVariant(r rune) rune {
	if r < 0x3400 {
		return r
	}
	if v, ok := variants[r]; ok {
		return v
	}
	return r
}

// variants is read-only after it was made from variantPairs.
var variants = func() map[rune]rune {
	m := make(map[rune]rune, 1024)
	old := rune(0)
	for _, r := range variantPairs {
		if old == 0 {
			old = r
			continue
		}
		if old != r {
			m[old] = r
		}
		old = 0
	}
	// Chains (a variant of a variant) end at their last form.
	for from, to := range m {
		for next, ok := m[to]; ok && next != from; next, ok = m[to] {
			to = next
		}
		m[from] = to
	}
	return m
}()
