package i18n

import (
	"strings"
	"testing"
)

// officialTerms are the words that authorities publish, as CONVENTIONS section
// 10 gives them: ja, en, es, pt, vi, tl. † waits for review.
var officialTerms = []struct {
	key   string
	words [6]string
}{
	{"alert-level", [6]string{"警戒レベル", "Alert level", "Nivel de alerta", "Nível de alerta", "Cấp độ cảnh giác", "Antas na babala sa pag-ingat"}},
	{"elderly", [6]string{"高齢者等避難", "Evacuation of the elderly, etc.", "Evacuación de personas mayores, etc.", "Evacuação de Idosos e outros grupos", "Sơ tán người cao tuổi, v.v…", "Lumisan ang mga matatanda atbp."}},
	{"evacuation-order", [6]string{"避難指示", "Evacuation Order", "†Orden de evacuación", "Ordem de evacuação", "†Chỉ thị sơ tán", "Utos sa paglikas"}},
	{"emergency-safety", [6]string{"緊急安全確保", "Emergency Safety Measures", "†Medidas urgentes de seguridad", "Garantia de segurança na emergência", "†Đảm bảo an toàn khẩn cấp", "Pagtiyak ng kaligtasan sa oras ng emergency"}},
	{"heavy-rain", [6]string{"大雨", "Heavy rain", "Lluvia torrencial", "Chuva forte", "Mưa to", "Malakas na ulan"}},
	{"landslide", [6]string{"土砂災害", "Landslide", "Desastre por deslizamiento de tierra", "Deslizamento de terra", "Tai họa sạt lở đất", "Sakuna ng pagguho ng lupa"}},
	{"flood", [6]string{"洪水", "Flood", "Inundación", "Enchente", "Lũ lụt", "Baha"}},
	{"inland-flood", [6]string{"内水氾濫", "Inland water flood", "Inundación por colapso de alcantarillas", "Enchente por colapso de esgoto", "†内水氾濫 (naisui hanran)", "†内水氾濫 (naisui hanran)"}},
	{"debris-flow", [6]string{"土石流", "Debris flow", "†Huayco / flujo de lodo", "Fluxo de lama", "†土石流 (doseki ryuu)", "†土石流 (doseki ryuu)"}},
	{"slope-failure", [6]string{"がけ崩れ", "†Slope failure", "Derrumbe", "Desmoronamento", "†Sạt lở", "Pagguho ng lupa"}},
	{"depth", [6]string{"浸水深", "Inundation depth", "†Profundidad de inundación", "†Profundidade da inundação", "†Độ sâu ngập", "†Lalim ng baha"}},
	{"duration", [6]string{"浸水継続時間", "Duration of flooding", "†Duración de la inundación", "†Duração da inundação", "Thời gian ngập lụt kéo dài", "†Tagal ng baha"}},
	{"evacuation-site", [6]string{"指定緊急避難場所", "Evacuation site", "Lugar de evacuación (hinan basho)", "†Local de refúgio", "†Nơi lánh nạn khẩn cấp", "Itinalagang lugar na paglilikasan sa emergency"}},
	{"evacuation-shelter", [6]string{"指定避難所", "†Evacuation shelter", "Refugio (hinanjo)", "Abrigo", "†Nơi tránh nạn", "†Evacuation center"}},
	{"leave", [6]string{"立退き避難", "†Leave and evacuate", "†Salir a un lugar seguro", "†Sair para local seguro", "†Rời nhà đi sơ tán", "†Lumikas palabas ng bahay"}},
	{"upstairs", [6]string{"屋内安全確保", "†Stay inside on a higher floor", "†Permanecer en un piso alto", "†Ficar em andar alto", "†Ở lại tầng cao trong nhà", "†Manatili sa mataas na palapag"}},
}

func TestOfficialTerms(t *testing.T) {
	langs := []Lang{Japanese, English, Spanish, Portuguese, Vietnamese, Filipino}
	for _, term := range officialTerms {
		for i, lang := range langs {
			want, review := strings.CutPrefix(term.words[i], reviewMark)
			c := For(lang)
			if got := c.T("term." + term.key); got != want {
				t.Errorf("%s.txt: term.%s = %q, want %q", lang, term.key, got, want)
			}
			if got := c.texts["term."+term.key].review; got != review {
				t.Errorf("%s.txt: term.%s marked † is %v, want %v", lang, term.key, got, review)
			}
		}
	}
}

// 避難勧告 was abolished on 2021-05-20; "danger warning" is a wrong translation
// of 危険警報; Isesaki has no sea, but other cities may.
func TestAbolishedWords(t *testing.T) {
	for _, lang := range Langs() {
		for key := range For(lang).texts {
			text := For(lang).T(key)
			for _, word := range []string{"避難勧告", "洪水警報", "anger warning", "Danger Warning"} {
				if strings.Contains(text, word) {
					t.Errorf("%s.txt: %s says %q", lang, key, word)
				}
			}
		}
	}
}
